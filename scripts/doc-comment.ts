/** A parsed doc comment. */
export interface Doc {
  readonly text: string;
  /** Texts of @param: "name description". */
  readonly parameters: readonly string[];
  readonly throws: readonly string[];
  /** TypeScript code of @example. */
  readonly examples: readonly string[];
}

/** Parses the text of a doc comment; a tag extends to the next tag. */
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
