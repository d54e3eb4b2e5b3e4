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

export default defineConfig({
  plugins: [react(), preloadTextFont(), widget()],
  server: { proxy: { '/api': { target: product, changeOrigin: false } } },
  build: { target: 'es2022', assetsInlineLimit: 0, chunkSizeWarningLimit: 450 },
  test: {
    environment: 'jsdom',
    isolate: false, // the modules keep no state between tests, and starting a document for each file is slow
    include: ['src/**/*.test.{ts,tsx}'],
    setupFiles: ['src/testing/setup.ts'],
    css: { modules: { classNameStrategy: 'non-scoped' } },
  },
});
