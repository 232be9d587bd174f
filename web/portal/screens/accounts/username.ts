import { z } from 'zod'

/** A user name as a form takes it. */
export const usernameText = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9._@-]{0,99}$/,
    'must have small letters, digits and . _ @ - only, and begin with one of the first two',
  )
