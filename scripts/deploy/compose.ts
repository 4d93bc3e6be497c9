/** The compose files: the schema of Compose, and that the services which one file waits for are in it or beside it. */
import { DCLinter } from 'dclint';
import { parse } from 'yaml';
import { deploy, filesIn, textOf } from './files.ts';

interface Compose {
  services: Record<string, { depends_on?: Record<string, unknown>; command?: string[] }>;
}

/** What the linter says of a file; its own types can't be resolved. */
interface LintResult {
  filePath: string;
  messages: { type: string; line: number; message: string }[];
}

const files = filesIn('.', '.yaml').filter((name) => name.startsWith('compose'));

export async function composeFindings(): Promise<string[]> {
  const linter = new DCLinter({ rules: {}, quiet: true, debug: false, exclude: [] });
  const results: LintResult[] = linter.lintFiles([deploy], false);
  const schema = results.flatMap(({ filePath, messages }) =>
    messages
      .filter(({ type }) => type === 'error')
      .map(({ line, message }) => `${filePath.slice(deploy.length + 1)}:${line}: ${message}`),
  );
  return [...schema, ...missingServices()];
}

function missingServices(): string[] {
  const all = Object.assign({}, ...files.map((name) => composed(name).services)) as Compose['services'];
  return Object.entries(all).flatMap(([service, { depends_on }]) =>
    Object.keys(depends_on ?? {})
      .filter((needed) => !(needed in all))
      .map((needed) => `compose: ${service} waits for ${needed}, which no file has`),
  );
}

function composed(name: string): Compose {
  return parse(textOf(name), { merge: true }) as Compose;
}

/** The arguments with which compose.all.yaml starts each role. */
export function composeCommands(): { name: string; args: string[] }[] {
  const { services } = composed('compose.all.yaml');
  return Object.entries(services).map(([service, { command }]) => ({
    name: `compose ${service}`,
    args: command ?? [],
  }));
}
