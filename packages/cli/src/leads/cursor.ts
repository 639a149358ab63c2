/**
 * Signs cursors of the command line. It need not be secret: users of the command line can read the database anyway. The
 * API does not accept these cursors.
 */
export const CURSOR_SECRET = 'cursors of the command line'
