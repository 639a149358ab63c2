/** The types of the API, as `/docs/paths.ts` serves them: made from the schemas that check requests. */
export type { components, paths } from '../../../../functions/openapi/paths.ts'
