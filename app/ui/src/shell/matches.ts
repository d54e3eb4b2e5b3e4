/** Whether each word of the query begins a word of the text, whatever the case or the accents. */
export function matches(text: string, query: string): boolean {
  const words = (value: string): string[] =>
    value.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase().split(/[\s:،,]+/).filter((word) => word !== '');
  const inText = words(text);
  return words(query).every((asked) => inText.some((word) => word.startsWith(asked)));
}
