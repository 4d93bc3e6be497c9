/** The texts of a new job type: its definition, its handler and the test of both. */
import type { LaneName } from '../../contract/words.ts';

export interface Names {
  /** `extract-hashtags` */
  type: string;
  lane: LaneName;
  queue: string;
}

/** `extractHashtags` */
export function identifierOf(type: string): string {
  return type.replace(/-(\w)/g, (_dash, letter: string) => letter.toUpperCase());
}

/** @param contract the module that has `defineJob` */
export function definitionText({ type, lane, queue }: Names, contract: string): string {
  return `/** What the job type ${type} is for: say it here and in its description. */
import { z } from 'zod';
import { defineJob } from '${contract}';

export const ${identifierOf(type)} = defineJob({
  type: '${type}',
  lane: '${lane}',
  queue: '${queue}',
  description: 'Says hello; replace it by what the job does.',
  payload: z.object({ name: z.string().min(1).max(100) }),
  result: z.object({ greeting: z.string() }),
});
`;
}

/** @param contract the module that has the type `Handler` */
export function handlerText({ type }: Names, contract: string, extension: string): string {
  const name = identifierOf(type);
  return `/** See \`${type}.job.ts\`. */
import type { Handler } from '${contract}';
import type { ${name} } from './${type}.job${extension}';

export const ${name}Handler: Handler<typeof ${name}> = async ({ name }, context) => {
  context.log('Greeted');
  return { greeting: \`Hello, \${name}!\` };
};
`;
}

export interface TestImports {
  /** The module that has \`createTestTwolane\`. */
  kit: string;
  handler: string;
  definition: string;
}

export function testText(
  { type }: Names,
  { kit, handler, definition }: TestImports,
  runner: 'vitest' | 'node',
): string {
  const name = identifierOf(type);
  const runnerImports =
    runner === 'vitest'
      ? [`import { expect, test } from 'vitest';`]
      : [`import assert from 'node:assert/strict';`, `import { test } from 'node:test';`];
  const own = [
    `import { ${name}Handler } from '${handler}';`,
    `import { ${name} } from '${definition}';`,
    `import { createTestTwolane } from '${kit}';`,
  ];
  const imports = [...(kit.startsWith('.') ? [] : own.splice(2)), ...runnerImports, ...own];
  const judge =
    runner === 'vitest'
      ? `expect(job.result).toEqual({ greeting: 'Hello, Ana!' });`
      : `assert.deepEqual(job.result, { greeting: 'Hello, Ana!' });`;
  return `/** ${type}: a job runs on a lane in memory and leaves its result. */
${(runner === 'vitest' ? imports : imports.sort(nodeFirst)).join('\n')}

test('${type} succeeds', async () => {
  const jobs = { '${type}': ${name} };
  const twolane = await createTestTwolane({ catalog: jobs, handlers: { '${type}': ${name}Handler } });
  try {
    await twolane.enqueue(${name}, { name: 'Ana' });
    const job = await twolane.spy(${name}).succeeded();
    ${judge}
  } finally {
    await twolane.close();
  }
});
`;
}

const nodeFirst = (a: string, b: string) => Number(b.includes("'node:")) - Number(a.includes("'node:"));
