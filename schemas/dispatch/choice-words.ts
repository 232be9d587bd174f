import type { LessBecause } from './choices.ts'

/** Why less was chosen than was offered, for the people of the FSP. */
export const lessBecauseWords: Readonly<Record<LessBecause, string>> = {
  'no-need': 'Nothing was needed at the unit’s node or above it.',
  'need-met': 'What was needed was met without the rest of the offer.',
  price: 'Cheaper offers met what was needed.',
  'ceiling-price': 'The offer costs more than the DNO pays at this node.',
  'least-turn-down': 'Less was needed than the unit gives at least.',
  'own-limits': 'The unit’s own limits of runs, rests or activations, or its rebound, did not allow more.',
  'network-limit': 'The unit or a node above it is moved in the other direction, or would pass its limit there.',
  'whole-day': 'Another plan was cheaper over the whole day, though not in this quarter-hour.',
  'out-of-service': 'The unit was out of service, stopped by the DNO, or could not be reached.',
  'no-notice': 'The unit asks for more notice than was left.',
  'offered-nothing': 'Nothing was offered.',
  'not-reliable': 'The DNO counted on less, by what the unit delivered of earlier instructions.',
  'site-limit': 'The export limit of the site left room for less.',
}
