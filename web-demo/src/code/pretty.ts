/** What reads and writes numbers as they stand there, in browsers that can. */
interface ExactJson {
  parse(text: string, reviver: (key: string, value: unknown, context?: { source?: string }) => unknown): unknown;
  rawJSON?(text: string): unknown;
}

const exact = JSON as unknown as ExactJson;

/**
 * A message as it is read best: its JSON with line breaks. Digits stay as they are: JavaScript's numbers would change
 * accounts that are long ones, and where a browser cannot keep them, the text is left alone.
 */
export function pretty(text: string): string {
  const split = text.indexOf("\n\n");
  const [head, body] = split < 0 ? ["", text] : [text.slice(0, split + 2), text.slice(split + 2)];
  try {
    const value = exact.parse(body, (_, value, context) => {
      if (typeof value !== "number" || String(value) === context?.source) return value;
      if (context?.source === undefined || exact.rawJSON === undefined) {
        if (Number.isSafeInteger(value)) return value;
        throw new RangeError("its digits cannot be kept");
      }
      return exact.rawJSON(context.source);
    });
    return typeof value === "object" && value !== null ? `${head}${JSON.stringify(value, null, 2)}` : text;
  } catch {
    return text;
  }
}
