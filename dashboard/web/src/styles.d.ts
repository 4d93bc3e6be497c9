/** Style sheets that a chunk brings along; Vite links them. */
declare module '*.css';
