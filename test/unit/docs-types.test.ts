/** Every TypeScript block of the documentation fits the library as it is: compiled with our compiler options, not run. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { repository, type Snippet, snippetsOf } from '../support/snippets.ts';

const pages = ['README.md', ...readdirSync(join(repository, 'docs')).map((name) => `docs/${name}`)].filter((name) =>
  name.endsWith('.md'),
);
/** The blocks of docs/testing.md are whole files beside each other, which a test of their own runs. */
const snippets = pages
  .filter((page) => page !== 'docs/testing.md')
  .flatMap(snippetsOf)
  .filter(({ language }) => language === 'ts');

/** What a block may use without importing it: the library, and zod as `z`. */
const library = [...readFileSync(join(repository, 'src/index.ts'), 'utf8').matchAll(/^export \{([\s\S]*?)\} from/gm)]
  .flatMap(([, names = '']) => names.split(','))
  .map((name) => name.replace(/^\s*type /, '').trim())
  .filter(Boolean);

const declares = (code: string, name: string) =>
  new RegExp(`\\b(?:const|let|class|function|type|interface)\\s+${name}\\b|import[^;]*\\b${name}\\b[^;]*from`).test(
    code,
  );

/** The declarations of `given` that the code uses and does not make itself, with those that they need. */
function neededOf(given: string, code: string): string {
  const lines = given.split('\n').filter(Boolean);
  const nameOf = (line: string) => /(?:const|class|function|type|interface) (\w+)/.exec(line)?.[1] ?? line;
  const needed = new Set<string>();
  for (let text = code, size = -1; size !== needed.size; text = `${code}\n${[...needed].join('\n')}`) {
    size = needed.size;
    for (const line of lines) {
      const name = nameOf(line);
      if (!declares(code, name) && new RegExp(`\\b${name}\\b`).test(text)) needed.add(line);
    }
  }
  return [...needed].join(' ');
}

function moduleOf({ code, given, file }: Snippet): string {
  if (file) return code;
  const needed = neededOf(given, code);
  const text = `${needed}\n${code}`;
  const missing = library.filter((name) => new RegExp(`\\b${name}\\b`).test(text) && !declares(text, name));
  const twolane = missing.length > 0 ? `import { ${missing.join(', ')} } from 'twolane';` : '';
  const zod = /\bz\./.test(text) && !declares(text, 'z') ? `import { z } from 'zod';` : '';
  return `${twolane}${zod}${needed}; export {};\n${code}`;
}

/** Where each block would lie: whole files at their own path, fragments in a folder of their own. */
const modules = new Map(
  snippets.map((snippet, index) => [
    join(repository, snippet.file ?? `test/snippet-${index}.ts`),
    { snippet, text: moduleOf(snippet) },
  ]),
);

const module = { languageVersion: ts.ScriptTarget.ES2023, impliedNodeFormat: ts.ModuleKind.ESNext } as const;

function complaints(): string[] {
  const { options } = ts.parseJsonConfigFileContent(
    ts.readConfigFile(join(repository, 'tsconfig.json'), ts.sys.readFile).config,
    ts.sys,
    repository,
  );
  Object.assign(options, {
    noUnusedLocals: false,
    noUnusedParameters: false,
    verbatimModuleSyntax: false,
    paths: { twolane: [join(repository, 'src/index.ts')], 'twolane/*': [join(repository, 'src/*/index.ts')] },
  } satisfies ts.CompilerOptions);
  const host = ts.createCompilerHost(options);
  const { readFile, fileExists } = host;
  host.readFile = (name) => modules.get(name)?.text ?? readFile(name);
  host.fileExists = (name) => modules.has(name) || fileExists(name);
  const read = host.getSourceFile;
  host.getSourceFile = (name, ...rest) => {
    const text = modules.get(name)?.text;
    return text === undefined ? read(name, ...rest) : ts.createSourceFile(name, text, module);
  };
  const program = ts.createProgram([...modules.keys()], options, host);
  return [...modules.keys()].flatMap((name) => {
    const source = program.getSourceFile(name);
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map((diagnostic) =>
      told(name, diagnostic),
    );
  });
}

function told(name: string, { start = 0, messageText }: ts.Diagnostic): string {
  const { snippet, text } = modules.get(name) as { snippet: Snippet; text: string };
  const line = text.slice(0, start).split('\n').length - (snippet.file ? 0 : 1);
  return `${snippet.place} line ${line}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
}

describe('The TypeScript of the documentation', () => {
  it('compiles', { timeout: 120_000 }, () => {
    expect(snippets.length).toBeGreaterThan(10);
    expect(complaints()).toEqual([]);
  });
});
