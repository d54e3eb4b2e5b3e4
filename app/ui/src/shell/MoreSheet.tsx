import { Link } from '@tanstack/react-router';
import { Search } from 'lucide-react';
import type { ReactNode } from 'react';

import { useI18n } from '../i18n/I18n';
import { Dialog } from '../ui/Dialog';
import styles from './MoreSheet.module.css';
import { grouped, type Page } from './pages';

interface Props {
  pages: readonly Page[];
  onClose: () => void;
  onCommand: () => void;
}

/** The pages that the bar at the bottom has no room for, and the search: a sheet from the lower edge. */
export default function MoreSheet({ pages, onClose, onCommand }: Props): ReactNode {
  const { t } = useI18n();
  const { work, settings, self } = grouped(pages);
  const list = (part: readonly Page[]): ReactNode => (
    <ul className={styles.list}>
      {part.map((page) => (
        <li key={page.to}>
          <Link to={page.to} className={styles.link} activeProps={{ 'data-active': true }} onClick={onClose}>
            <page.icon size={18} aria-hidden />
            {t(page.name)}
          </Link>
        </li>
      ))}
    </ul>
  );
  return (
    <Dialog title={t('nav.more')} isOpen onOpenChange={onClose} className={styles.sheet}>
      <nav aria-label={t('nav.more')} className={styles.parts}>
        {work.length > 0 && list(work)}
        {settings.length > 0 && (
          <section>
            <h3 className={styles.heading}>{t('nav.settings')}</h3>
            {list(settings)}
          </section>
        )}
        {self.length > 0 && list(self)}
      </nav>
      <button
        type="button"
        className={styles.search}
        onClick={() => {
          onClose();
          onCommand();
        }}
      >
        <Search size={16} aria-hidden />
        {t('nav.search')}
      </button>
    </Dialog>
  );
}
