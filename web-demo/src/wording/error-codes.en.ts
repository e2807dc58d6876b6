const none: Record<string, string> = {};

/** In English, the core says it. */
export default { meaning: none, whatToDo: none };
