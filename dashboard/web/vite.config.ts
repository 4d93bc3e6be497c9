/** Builds the operator's pages: `npx vite build dashboard/web` writes `dashboard/web/dist`. Relative, so any path works. */
import { fileURLToPath } from 'node:url';
import preact from '@preact/preset-vite';
import { defineConfig } from 'vite';

const page = (name: string) => fileURLToPath(new URL(name, import.meta.url));

export default defineConfig({
  base: './',
  plugins: [preact()],
  // Two pages: the login stands in front of everything else and needs the look alone.
  build: {
    rollupOptions: { input: [page('index.html'), page('login.html')] },
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: { polyfill: false },
  },
});
