import { Group, Select } from "@mantine/core";
import { NumberField, numberOf } from "../../fields/number-field.tsx";
import { useTexts } from "../../i18n/language.tsx";
import type { TypedNumber } from "./application-fields.tsx";
import { messages } from "./messages.ts";

/** For how long a token is to be valid, as it is typed. */
export interface Validity {
  amount: TypedNumber;
  unit: Unit;
}

type Unit = keyof typeof SECONDS;

const SECONDS = { minutes: 60, hours: 3600, days: 86400 };

/** A working day's worth: long enough to try something out, short enough to be lost. */
export const FIRST_VALIDITY: Validity = { amount: 24, unit: "hours" };

/** In seconds. */
export function secondsOf({ amount, unit }: Validity): number {
  return numberOf(amount) * SECONDS[unit];
}

/** Asks for how long a token is to be valid. */
export function ValidityField({
  validity,
  onChange,
  error,
}: {
  validity: Validity;
  onChange(validity: Validity): void;
  error: string | undefined;
}) {
  const t = useTexts(messages).application;
  return (
    <Group align="flex-start" gap="xs" wrap="nowrap">
      <NumberField
        flex={1}
        label={t.validFor}
        value={validity.amount}
        error={error}
        onChange={(amount) => onChange({ ...validity, amount })}
      />
      <Select
        flex={1}
        label={t.unit}
        allowDeselect={false}
        value={validity.unit}
        data={(Object.keys(SECONDS) as Unit[]).map((unit) => ({ value: unit, label: t[unit] }))}
        onChange={(unit) => unit && onChange({ ...validity, unit: unit as Unit })}
      />
    </Group>
  );
}
