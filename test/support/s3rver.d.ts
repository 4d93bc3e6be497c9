/** The parts of s3rver that the tests use; it brings no types. */
declare module '@20minutes/s3rver' {
  class S3rver {
    constructor(options: {
      address: string;
      port: number;
      silent: boolean;
      directory: string;
      configureBuckets: { name: string }[];
    });
    middleware: S3rver.Middleware[];
    httpServer: import('node:http').Server;
    run(): Promise<unknown>;
    close(): Promise<void>;
  }
  namespace S3rver {
    interface Context {
      method: string;
      path: string;
      query: Record<string, string | string[] | undefined>;
      headers: Record<string, string | undefined>;
      status: number;
      type: string;
      body: unknown;
    }
    type Middleware = (context: Context, next: () => Promise<unknown>) => Promise<unknown>;
  }
  export = S3rver;
}
