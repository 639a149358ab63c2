/** For code that loads Kysely late: a bundler keeps all of Kysely, 100 KB more, if the package itself is loaded late. */
export { sql } from 'kysely'
