/** The icon of both templates, our own drawing: a speech bubble in a hexagon's corner with a spark of four rays. Pure. */

const drawing = (accent: string): string =>
  '<svg xmlns="http://www.w3.org/2000/svg" width="18" height="18" viewBox="0 0 18 18">' +
  `<path d="M3 2h9a2 2 0 0 1 2 2v1.5a4 4 0 0 0-4.8 5.5H7l-3.5 3v-3H3a2 2 0 0 1-2-2V4a2 2 0 0 1 2-2z" fill="${accent}"/>` +
  '<path d="M4 5h6M4 8h4" stroke="#fff" stroke-width="1.2" stroke-linecap="round"/>' +
  `<path d="M13.5 7l.9 2.6 2.6.9-2.6.9-.9 2.6-.9-2.6-2.6-.9 2.6-.9z" fill="${accent}"/>` +
  '</svg>';

/** As a data URI; a copy goes into every task, so it is small. */
export function iconFor(provider: 'openai' | 'azure-openai'): string {
  const accent = provider === 'openai' ? '#0b7a5c' : '#0a66c2';
  return `data:image/svg+xml,${encodeURIComponent(drawing(accent))}`;
}
