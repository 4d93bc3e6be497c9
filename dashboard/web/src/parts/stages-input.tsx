/** The stages of a redrive as a person writes them: `1, 10, 10%, all`. */
import { defaultStages, type StageSize } from '../../../../src/contract/operation.ts';

/** Undefined for the usual ones; what is no stage is passed on, for the server to say what is wrong with it. */
export function stagesOf(text: string): StageSize[] | undefined {
  const words = text.split(/[\s,]+/).filter((word) => word !== '');
  if (words.length === 0) return undefined;
  return words.map((word) => (/^\d+$/.test(word) ? Number(word) : word) as StageSize);
}

export function StagesInput({ text, onText }: { text: string; onText(text: string): void }) {
  return (
    <label class="stages">
      Stages: how many at a time, each after the one before has ended
      <input
        value={text}
        placeholder={defaultStages.join(', ')}
        spellcheck={false}
        onChange={(event) => onText(event.currentTarget.value)}
      />
    </label>
  );
}
