/** The language of the page, in which dates and figures are written; English where there is no page. */
export const pageLanguage = (typeof document === 'undefined' ? '' : document.documentElement.lang) || 'en-GB'
