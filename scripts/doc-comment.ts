/** A doc comment in its parts. */
export interface Doc {
  readonly text: string;
  /** "name what it is" */
  readonly parameters: readonly string[];
  readonly throws: readonly string[];
  /** TypeScript. */
  readonly examples: readonly string[];
}

/** Takes the text of a doc comment apart: a tag goes on to the next one. */
export function parseDoc(comment: string): Doc {
  const [text = '', ...tags] = comment.split(/^@(?=(?:param|throws|returns|example)\b)/m);
  const bodies = (name: string): string[] =>
    tags.filter((tag) => tag.startsWith(name)).map((tag) => tag.slice(name.length).trim());
  const returns = bodies('returns').map((body) => `\n\nReturns ${body}`);
  return {
    text: text.trim() + returns.join(''),
    parameters: bodies('param'),
    throws: bodies('throws'),
    examples: bodies('example'),
  };
}
