/** Under this name the browser keeps how many views there were, so that their place is free before they are loaded. */
export const VIEWS_KEPT = 'views-count'
