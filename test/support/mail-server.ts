/** An SMTP server that remembers what came, and refuses whom it is told to. */
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

export interface ReceivedMail {
  from: string;
  to: string;
  /** Header lines and bodies as they came, quoted-printable undone. */
  source: string;
}

export interface MailServer {
  /** As TWOLANE_SMTP_URL. */
  url: string;
  mails: ReceivedMail[];
  to(address: string): ReceivedMail[];
  /** Answers each RCPT TO of this address with the code. */
  refuse(address: string, code: number): void;
  close(): Promise<void>;
}

export async function startMailServer(user = 'twolane', password = 'sesame'): Promise<MailServer> {
  const mails: ReceivedMail[] = [];
  const refused = new Map<string, number>();
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    onAuth(auth, _session, done) {
      const right = auth.username === user && auth.password === password;
      done(right ? null : new Error('Wrong password'), right ? { user } : undefined);
    },
    onRcptTo({ address }, _session, done) {
      const responseCode = refused.get(address);
      done(responseCode === undefined ? null : Object.assign(new Error(`No ${address} here`), { responseCode }));
    },
    async onData(stream, { envelope }, done) {
      const source = Buffer.concat(await stream.toArray()).toString();
      const from = envelope.mailFrom ? envelope.mailFrom.address : '';
      for (const { address } of envelope.rcptTo) mails.push({ from, to: address, source: plain(source) });
      done();
    },
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `smtp://${user}:${password}@127.0.0.1:${port}`,
    mails,
    to: (wanted) => mails.filter(({ to }) => to === wanted),
    refuse: (address, code) => void refused.set(address, code),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function plain(source: string): string {
  return source
    .replace(/=\r\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
