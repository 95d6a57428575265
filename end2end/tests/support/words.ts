// What the pages call things, in the language that the tests read them in, and where things are.
// Change a page's words or structure and this is the only file of the tests that follows.

export const words = {
  send: "보내기",
};

/** A form by its server function: it is the same one with scripts and without. */
export const form = (name: string) => `form[action="?/${name}"]`;

export const places = {
  /** One for each line of the conversation, in order. */
  lines: "[role=log] [data-line]",
  /** Within a line: what was said, and nothing else. */
  text: "[data-text]",
  /** On a line that the server has not acknowledged yet. */
  pending: "[data-pending]",
};
