/** The search box: qualified words become the filter of the job list; a number alone opens that job. */
import { useEffect, useRef } from 'preact/hooks';
import { filterFromSearch, formatFilter, parseFilter, qualifiers, searchFromFilter } from '../filter-text.ts';
import { go, here } from '../router.ts';
import { say } from './toast.tsx';

export function SearchBox() {
  const { path, search } = here.value;
  const input = useRef<HTMLInputElement>(null);
  const shown = path === 'jobs' ? formatFilter(filterFromSearch(search)) : '';
  useEffect(() => {
    if (input.current) input.current.value = shown;
  }, [shown]);
  return (
    <search class="search" data-key="/">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          openSearch(input.current?.value ?? '');
        }}
      >
        <input
          ref={input}
          type="search"
          aria-label="Search jobs"
          placeholder="type:process-video state:dead"
          autocomplete="off"
          spellcheck={false}
          title={`A job's id, or words such as ${Object.keys(qualifiers).join(':, ')}:, payload.field:`}
        />
      </form>
    </search>
  );
}

function openSearch(typed: string): void {
  const text = typed.trim();
  if (/^\d{5,20}$/.test(text)) go(`jobs/${text}`);
  else openFilter(text);
}

function openFilter(text: string): void {
  const { fields, unknown } = parseFilter(text);
  if (unknown.length > 0) {
    say(
      `"${unknown.join(' ')}" needs a word and a colon in front: ${Object.keys(qualifiers).join(':, ')}: or payload.field:`,
      'bad',
    );
  }
  if (text === '' || Object.keys(fields).length > 0) go(`jobs${searchFromFilter(fields)}`);
}
