/** The runbook of the documentation, so that an alert leads to what to do without leaving the pages. */
import { useEffect } from 'preact/hooks';
import { chapterId } from '../../../../src/contract/alerts.ts';
import { type Block, type Chapter, chaptersOf, type Inline } from '../markdown.ts';
import { Problem } from '../parts/problem.tsx';
import { useLoad } from '../use-load.ts';

/** Loaded with its page; no other needs it. */
const loadRunbook = async () => chaptersOf((await import('../../../../docs/runbook.md?raw')).default);

export function Runbook() {
  const { data, error, reload } = useLoad('runbook', loadRunbook);
  useEffect(() => {
    if (data) document.getElementById(location.hash.slice(1))?.scrollIntoView();
  }, [data]);
  if (error !== undefined) return <Problem error={error} onRetry={reload} />;
  if (!data) return <p class="soft">Loading</p>;
  const [opening, ...chapters] = data;
  return (
    <section class="card pad runbook">
      <h1>Runbook</h1>
      {opening?.blocks.map((block) => (
        <Text key={JSON.stringify(block)} block={block} />
      ))}
      {chapters.map((chapter) => (
        <Part key={chapter.title} chapter={chapter} />
      ))}
    </section>
  );
}

function Part({ chapter: { title, blocks } }: { chapter: Chapter }) {
  return (
    <section aria-labelledby={chapterId(title)}>
      <h2 id={chapterId(title)}>{title}</h2>
      {blocks.map((block) => (
        <Text key={JSON.stringify(block)} block={block} />
      ))}
    </section>
  );
}

function Text({ block }: { block: Block }) {
  if (block.kind === 'text') return <p>{block.words.map(wordOf)}</p>;
  return (
    <ol>
      {block.steps.map((words) => (
        <li key={JSON.stringify(words)}>{words.map(wordOf)}</li>
      ))}
    </ol>
  );
}

function wordOf(word: Inline) {
  if (word.kind === 'bold') return <b>{word.text}</b>;
  if (word.kind === 'code') return <code>{word.text}</code>;
  if (word.kind === 'em') return <em>{word.text}</em>;
  return word.text;
}
