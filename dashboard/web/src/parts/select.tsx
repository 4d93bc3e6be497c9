/** A select box of a filter; the empty choice stands for any. */

interface SelectProps {
  name: string;
  values: readonly string[];
  chosen: string;
  onChoose(value: string): void;
}

export function Select({ name, values, chosen, onChoose }: SelectProps) {
  const listed = chosen === '' || values.includes(chosen) ? values : [chosen, ...values];
  return (
    <select aria-label={name} value={chosen} onChange={(event) => onChoose(event.currentTarget.value)}>
      <option value="">any {name}</option>
      {listed.map((value) => (
        <option key={value} value={value}>
          {value}
        </option>
      ))}
    </select>
  );
}
