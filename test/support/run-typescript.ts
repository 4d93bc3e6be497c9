/** Runs a TypeScript block of a page: its types are taken out, and what it uses without making it is handed to it by name. */
import ts from 'typescript';
import type { Snippet } from './snippets.ts';

/**
 * Answers what the block exports.
 * @param given by the names that the block uses; those that it declares itself are its own
 */
export async function runTypescript(
  { code, place }: Snippet,
  given: Record<string, unknown>,
): Promise<Record<string, unknown>> {
  const { outputText } = ts.transpileModule(code.replace(/^import .*$/gm, ''), {
    compilerOptions: { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext },
  });
  const exported = [...outputText.matchAll(/^export (?:const|function|class) (\w+)/gm)].map(([, name = '']) => name);
  const body = outputText.replace(/^export (?=const|function|class)/gm, '').replace(/^export \{\};$/gm, '');
  const used = Object.keys(given).filter((name) => new RegExp(`\\b${name}\\b`).test(body));
  // In a block of its own, so that a declaration of the page stands before what is handed in.
  const run = new Function(...used, `return (async () => { ${body}\nreturn { ${exported.join(', ')} }; })()`);
  return run(...used.map((name) => given[name])).catch((error: Error) => {
    throw new Error(`${place} does not run: ${error.message}`, { cause: error });
  });
}
