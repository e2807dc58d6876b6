import { TextInput, type TextInputProps } from "@mantine/core";

/**
 * A number as it is typed. What is none stays as it was typed, for the core to refuse: a field that leaves out letters
 * makes 13 of `1e3`.
 */
export function NumberField({
  value,
  onChange,
  ...rest
}: Omit<TextInputProps, "value" | "onChange"> & { value: number | string; onChange(typed: string): void }) {
  return (
    <TextInput
      inputMode="decimal"
      autoComplete="off"
      {...rest}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

/** The number that was typed in plain digits; `NaN`, which every rule refuses, for anything else. */
export function numberOf(typed: number | string): number {
  const text = String(typed).trim();
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
}
