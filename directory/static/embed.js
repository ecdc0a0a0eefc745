// Puts a list or map of services where its script element stands. Copy the element from the page /embed.
(() => {
  const here = document.currentScript;
  const kind = here.dataset.kind === 'map' ? 'map' : 'list';
  const frame = document.createElement('iframe');
  const language = here.dataset.language ? `${encodeURIComponent(here.dataset.language)}/` : '';
  frame.src = new URL(`../${language}embed/${kind}?${here.dataset.query || ''}`, here.src).href;
  frame.title = here.dataset.title || 'Community organisations';
  frame.width = '100%';
  frame.height = here.dataset.height || '600';
  frame.loading = 'lazy';
  here.after(frame);
})();
