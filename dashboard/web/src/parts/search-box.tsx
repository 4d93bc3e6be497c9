/** The search box: qualified words become the filter of the job list; a number alone opens that job. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { session } from '../api.ts';
import { type Suggestion, suggest } from '../completion.ts';
import { filterFromSearch, formatFilter, parseFilter, qualifiers, searchFromFilter } from '../filter-text.ts';
import { go, here } from '../router.ts';
import { say } from './toast.tsx';

export function SearchBox() {
  const { path, search } = here.value;
  const shown = path === 'jobs' ? formatFilter(filterFromSearch(search)) : '';
  const input = useRef<HTMLInputElement>(null);
  const [options, setOptions] = useState<Suggestion[]>([]);
  const [at, setAt] = useState(-1);
  const offer = (text: string) => {
    setOptions(suggest(text, session.value?.types ?? []));
    setAt(-1);
  };
  const close = () => setOptions([]);
  useEffect(() => {
    if (input.current) input.current.value = shown;
    close();
  }, [shown]);
  const choose = ({ text }: Suggestion) => {
    if (!input.current) return;
    // After a value the next word begins; after a name its value does.
    input.current.value = /[:.]$/u.test(text) ? text : `${text} `;
    input.current.focus();
    offer(input.current.value);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const chosen = options[at];
    if (event.key === 'Escape' && options.length > 0) close();
    else if (event.key === 'ArrowDown' && options.length > 0) setAt((at + 1) % options.length);
    else if (event.key === 'ArrowUp' && options.length > 0) setAt((at <= 0 ? options.length : at) - 1);
    else if ((event.key === 'Enter' || event.key === 'Tab') && chosen) choose(chosen);
    else return;
    event.preventDefault();
  };
  return (
    <search class="search" data-key="/">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          close();
          openSearch(input.current?.value ?? '');
        }}
      >
        <input
          ref={input}
          type="search"
          {...combobox(options.length > 0, at)}
          aria-label="Search jobs"
          placeholder="type:process-video state:dead"
          autocomplete="off"
          spellcheck={false}
          onInput={(event) => offer(event.currentTarget.value)}
          onFocus={(event) => offer(event.currentTarget.value)}
          onBlur={close}
          onKeyDown={onKeyDown}
        />
        <Options options={options} at={at} onChoose={choose} />
      </form>
    </search>
  );
}

/** The types of Preact want a `datalist` with this role; the list is a part of our own. */
function combobox(open: boolean, at: number): object {
  return {
    role: 'combobox',
    'aria-autocomplete': 'list',
    'aria-expanded': open,
    'aria-controls': 'search-options',
    'aria-activedescendant': at >= 0 ? `search-option-${at}` : undefined,
  };
}

interface OptionsProps {
  options: readonly Suggestion[];
  at: number;
  onChoose(suggestion: Suggestion): void;
}

function Options({ options, at, onChoose }: OptionsProps) {
  return (
    <div
      id="search-options"
      role="listbox"
      aria-label="Words to search by"
      class="options"
      hidden={options.length === 0}
    >
      {options.map((option, index) => (
        // The keyboard chooses in the box itself, which has the focus all the time.
        // biome-ignore lint/a11y/useFocusableInteractive: the active option is named by aria-activedescendant
        <div
          key={option.shown}
          id={`search-option-${index}`}
          role="option"
          aria-selected={index === at}
          onMouseDown={(event) => {
            event.preventDefault();
            onChoose(option);
          }}
        >
          <span class="mono">{option.shown}</span> <small>{option.hint}</small>
        </div>
      ))}
    </div>
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
