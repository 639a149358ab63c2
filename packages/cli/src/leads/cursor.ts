/**
 * Cursors of the command line need no secret: whoever can run it can read the database. They are not interchangeable
 * with those of the API.
 */
export const CURSOR_SECRET = 'cursors of the command line'
