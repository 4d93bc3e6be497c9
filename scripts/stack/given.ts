/** Servers that the environment names: used as they are, never touched, but checked before anything is built on them. */
import { type ServerProgram, StackError } from './program.ts';
import { isAtLeast } from './versions.ts';
import { messageOf, untilAnswer } from './wait.ts';

/** A URL fit for logs and messages. */
export function withoutPassword(url: string): string {
  return url.replace(/:\/\/[^@/]*@/, '://');
}

/**
 * Waits up to 5 s for an answer, then checks version and configuration.
 * @throws StackError that names the cure.
 */
export async function checkGiven(program: ServerProgram, url: string): Promise<{ version: string }> {
  const where = `${program.title} at ${withoutPassword(url)} (from ${program.urlName})`;
  const cure = `or unset ${program.urlName} to have a private one started`;
  const answer = await untilAnswer(() => program.ask(url), { timeoutMs: 5_000, everyMs: 250 }).catch((error) => {
    throw new StackError(`${where} can't be used: ${messageOf(error)}. Start it or correct the URL, ${cure}.`);
  });
  if (!isAtLeast(answer.version, program.minimum)) {
    throw new StackError(
      `${where} is version ${answer.version}; ${program.minimum} is the oldest that will do. Upgrade it, ${cure}.`,
    );
  }
  if (answer.complaint) throw new StackError(`${where} can't be used: ${answer.complaint}, ${cure}.`);
  return answer;
}
