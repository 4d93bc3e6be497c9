/** Where Twolane will listen: from the environment, checked to be free before anything is started. */
import { freePort, isFree } from '../stack/ports.ts';
import { StackError } from '../stack/program.ts';

export interface Address {
  host: string;
  port: number;
  /** Where /ops and /metrics are; the same as `port` unless OPS_PORT moves them. */
  opsPort: number;
}

/** Reads `HOST`, `PORT` and `OPS_PORT`; a port 0 becomes a free one. @throws StackError when a port is taken. */
export async function freeAddress(environment: Readonly<Record<string, string | undefined>>): Promise<Address> {
  const host = environment.HOST || '127.0.0.1';
  const port = await usable(host, 'PORT', environment.PORT || '3000');
  const opsPort = environment.OPS_PORT ? await usable(host, 'OPS_PORT', environment.OPS_PORT) : port;
  return { host, port, opsPort };
}

async function usable(host: string, name: string, text: string): Promise<number> {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new StackError(`${name}=${text} is not a port number.`);
  if (port === 0) return freePort();
  if (await isFree(port, host)) return port;
  throw new StackError(
    `Port ${port} on ${host} is taken by another program. Choose one: ${name}=${port + 1} npm start`,
  );
}

/** How a browser on this machine reaches a port. */
export function pageAt({ host }: Address, port: number): string {
  const everywhere = ['0.0.0.0', '::'].includes(host);
  return `http://${everywhere ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host}:${port}`;
}
