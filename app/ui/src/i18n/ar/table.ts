/** نصوص الجداول كلها. */
import type { Message } from '../plural';

export const table = {
  'table.columns': 'اختيار الأعمدة: {table}',
  'table.columns.short': 'اختيار الأعمدة',
  'table.csv': 'تنزيل بصيغة CSV: {table}',
  'table.csv.short': 'تنزيل المعروض بصيغة CSV',
  'table.empty': 'لا شيء هنا بعد.',
  'table.more': 'عرض المزيد',
  'table.more.loading': 'جارٍ تحميل المزيد',
  'table.select': 'تحديد {name}',
  'table.selectAll': 'تحديد كل الصفوف المعروضة',
  'table.selected': {
    zero: 'لا صفوف محددة',
    one: 'صف واحد محدد',
    two: 'صفان محددان',
    few: '{count} صفوف محددة',
    many: '{count} صفًا محددًا',
    other: '{count} صف محدد',
  },
} as const satisfies Record<string, Message>;
