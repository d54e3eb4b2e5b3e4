import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vitest/config';

import { widget } from './scripts/widget.ts';

/** Tells the browser about the Latin text font in the HTML, so that text is drawn once, in its final face. */
function preloadTextFont(): Plugin {
  return {
    name: 'preload-text-font',
    transformIndexHtml: {
      order: 'post',
      handler(_html, context) {
        const font = Object.keys(context.bundle ?? {}).find((name) => /inter-latin-wght-normal.*\.woff2$/.test(name));
        if (font === undefined) return [];
        return [
          {
            tag: 'link',
            attrs: { rel: 'preload', as: 'font', type: 'font/woff2', href: `/${font}`, crossorigin: '' },
            injectTo: 'head',
          },
        ];
      },
    },
  };
}

const product = process.env.HELIOGRAPH_API ?? 'http://127.0.0.1:8800';

/** Parts of pages and what they are made with; not what opens on demand (dialogs of their own, charts). */
const FOR_EVERY_PAGE = /\/src\/(ui\/(?!AboutNumberDialog)|api\/|drafts\/|i18n\/|live\/|preferences\/)/;
/** A file of its own: a new version of ours leaves it in the browser's cache. */
const OF_OTHERS = /\/node_modules\/(react|react-dom|scheduler|lucide-react|@radix-ui|@floating-ui|@tanstack)\//;

export default defineConfig({
  plugins: [react(), preloadTextFont(), widget()],
  server: { proxy: { '/api': { target: product, changeOrigin: false } } },
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 550,
    rolldownOptions: {
      output: {
        codeSplitting: {
          // Left alone, what two pages share becomes a file each, and a page waits for thirty of them: over HTTP/1.1 six
          // at a time. What nearly every page needs is one file that comes with the first script.
          groups: [
            { name: 'vendor', test: OF_OTHERS },
            { name: 'shared', test: FOR_EVERY_PAGE },
          ],
        },
      },
    },
  },
  test: {
    environment: 'jsdom',
    isolate: false, // the modules keep no state between tests, and starting a document for each file is slow
    include: ['src/**/*.test.{ts,tsx}'],
    setupFiles: ['src/testing/setup.ts'],
    css: { modules: { classNameStrategy: 'non-scoped' } },
  },
});
