import type { PlanInput, PlanNote, PlanResult } from '../../../../schemas/planning/sites/plan.ts'
import { clockTime, dayName } from './impossible.ts'

type Figures = Pick<
  PlanResult,
  'peakKw' | 'peakDay' | 'peakFrom' | 'capacityKva' | 'extraKva' | 'excessKw' | 'missingAtEndKwh'
>

const one = (kw: number) => kw.toFixed(1)

/** Remarks on a result, for people who do not know how it is made. @param lowered vehicles that begin under 80 %. */
export function notesOn(input: PlanInput, plan: Figures, lowered: readonly string[], usedM2: number): PlanNote[] {
  const notes: PlanNote[] = []
  const say = (about: PlanNote['about'], text: string) => notes.push({ about, text })
  sayCapacity(input, plan, say)
  sayWeek(input, plan, lowered, say)
  if (plan.excessKw > 0)
    say(
      input.scenario === 'profile' ? 'profile' : 'capacity',
      `Nothing keeps within the ${input.scenario === 'profile' ? 'profile' : 'agreed capacity'}: the site goes ${one(plan.excessKw)} kW beyond it at the least, and this is the cheapest plan that does.`,
    )
  if (input.spaceM2 !== null && usedM2 > input.spaceM2)
    say('space', `The charge points take ${one(usedM2)} m², and the site has ${one(input.spaceM2)} m² for them.`)
  if (input.tariff.pencePerKwh === 0 && input.tariff.bands.length === 0)
    say(
      'tariff',
      'No price of energy is stated, so that charging costs nothing here. The price is on the electricity bill, in pence per kWh.',
    )
  if (input.options.battery && input.scenario === 'unmanaged')
    say('options', 'The battery stands idle in this scenario: nothing controls it.')
  say(
    'advisory',
    'This plan is a first step before a talk with the network operator. It takes the worst load of the history in every half-hour at once; a real week is usually lower.',
  )
  return notes
}

type Say = (about: PlanNote['about'], text: string) => void

function sayCapacity({ ascKva }: PlanInput, { capacityKva, extraKva }: Figures, say: Say): void {
  if (extraKva === null)
    say(
      'asc',
      'Your agreed supply capacity is not stated, so nobody can say whether it is enough. It is on the electricity bill or in the connection agreement, in kVA.',
    )
  else if (extraKva > 0)
    say(
      'capacity',
      `The site needs ${one(capacityKva)} kVA, ${one(extraKva)} kVA more than the ${ascKva} kVA that are agreed.`,
    )
  else say('capacity', `The site needs ${one(capacityKva)} kVA, which the agreed ${ascKva} kVA cover.`)
}

/** The traces that a single typical week leaves, which a real week does not have. */
function sayWeek(input: PlanInput, plan: Figures, lowered: readonly string[], say: Say): void {
  if (input.scenario === 'base') return
  const isMonday = plan.peakDay === 0 && plan.peakFrom < clockTime(12)
  if (input.scenario === 'unmanaged' && isMonday)
    say(
      'monday-peak',
      `The peak of ${one(plan.peakKw)} kW is early on ${dayName(0)}: all vehicles begin the week at 80 % and fill up at once. A real week has no such start, so look at the next days too.`,
    )
  if (lowered.length > 0)
    say(
      'sunday-midnight',
      `${lowered.length === 1 ? 'One vehicle is' : `${lowered.length} vehicles are`} back too late on Sunday to reach 80 % by midnight. They begin the week with what they reach, so that their journeys stay possible.`,
    )
  if (plan.missingAtEndKwh > 0.01)
    say(
      'end-of-week',
      `Vehicles end the week with ${one(plan.missingAtEndKwh)} kWh less than they began it with: they drive more than they can charge. The cost of charging is too low by as much.`,
    )
}
