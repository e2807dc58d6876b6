/** A word of a POSIX shell. */
export function word(value: string): string {
  return /^[\w@%+=:,./-]+$/.test(value) && !value.startsWith("-") ? value : `'${value.replaceAll("'", `'\\''`)}'`;
}

/** Lines handed to a command's stdin as they are. */
export function hereDocument(text: string): string {
  let end = "JSON";
  while (text.split("\n").includes(end)) end += "_";
  return `<<'${end}'\n${text}\n${end}\n`;
}
