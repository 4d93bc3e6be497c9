/** What the package exports, name by name: a change here is a change for every user, and a line in the changelog. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { surface, twolaneMembers } from './surface.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const entries = Object.entries<{ types: string }>(exports).filter(([path]) => path !== './package.json');

/** `./dist/src/index.d.ts` is made from `src/index.ts`. */
const sources = new Map(entries.map(([path, { types }]) => [path, join(root, sourceOf(types))]));
const { options } = ts.parseJsonConfigFileContent(
  ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile).config,
  ts.sys,
  root,
);
const program = ts.createProgram([...sources.values()], options);
const checker = program.getTypeChecker();

describe('The public surface', () => {
  test('has these subpaths', () => {
    expect([...sources.keys()]).toEqual(Object.keys(surface));
  });

  test.each(Object.keys(surface))('%s exports these names and no others', (path) => {
    const found = exportsOf(path);
    const names = (isValue: boolean) => found.filter((one) => one.isValue === isValue).map(({ name }) => name);
    expect({ values: names(true).sort(), types: names(false).sort() }).toEqual(surface[path]);
  });

  test('an installation has these members', () => {
    const symbol = exportsOf('.').find(({ name }) => name === 'Twolane')?.symbol as ts.Symbol;
    const members = checker.getDeclaredTypeOfSymbol(symbol).getProperties();
    expect(members.map(({ name }) => name).sort()).toEqual(twolaneMembers);
  });
});

function exportsOf(path: string): { name: string; isValue: boolean; symbol: ts.Symbol }[] {
  const file = program.getSourceFile(sources.get(path) as string);
  const module = file && checker.getSymbolAtLocation(file);
  if (!module) throw new Error(`${path} is not a module of the program`);
  return checker.getExportsOfModule(module).map((exported) => {
    const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
    return { name: exported.name, isValue: (symbol.flags & ts.SymbolFlags.Value) !== 0, symbol };
  });
}

function sourceOf(types: string): string {
  return types.replace('./dist/', '').replace(/\.d\.ts$/, '.ts');
}
