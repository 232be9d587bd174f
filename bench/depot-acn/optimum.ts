import type { Highs } from 'highs'
import { type Session, stepMinutes } from './sessions.ts'

/**
 * The most energy that could have been delivered by somebody who knew all sessions beforehand, Wh: a flow from sessions through the steps
 * they are present in. Spans without a session part the problem.
 */
export function mostWh(highs: Highs, sessions: readonly Session[], capacityW: number): number {
  return partsOf(sessions).reduce((sum, part) => sum + solve(highs, part, capacityW), 0)
}

function partsOf(sessions: readonly Session[]): Session[][] {
  const parts: Session[][] = []
  let end = 0
  for (const session of [...sessions].sort((a, b) => a.arrival - b.arrival)) {
    if (session.arrival >= end) parts.push([])
    parts.at(-1)?.push(session)
    end = Math.max(end, session.departure)
  }
  return parts
}

function solve(highs: Highs, sessions: readonly Session[], capacityW: number): number {
  const stepH = stepMinutes / 60
  const bySession: string[] = []
  const byStep = new Map<number, string[]>()
  const bounds: string[] = []
  for (const [i, { arrival, departure, requestedWh, mostW }] of sessions.entries()) {
    const own: string[] = []
    for (let step = arrival; step < departure; step++) {
      const name = `x${i}_${step}`
      own.push(name)
      byStep.set(step, [...(byStep.get(step) ?? []), name])
      bounds.push(`0 <= ${name} <= ${mostW * stepH}`)
    }
    bySession.push(` s${i}: ${own.join(' + ')} <= ${requestedWh}`)
  }
  const steps = [...byStep].map(([step, names]) => ` t${step}: ${names.join(' + ')} <= ${capacityW * stepH}`)
  const objective = [...byStep.values()].flat().join(' + ')
  const model = `Maximize\n obj: ${objective}\nSubject To\n${bySession.join('\n')}\n${steps.join('\n')}\nBounds\n${bounds.join('\n')}\nEnd`
  const solution = highs.solve(model)
  if (solution.Status !== 'Optimal') throw new Error(`the optimum was not found: ${solution.Status}`)
  return solution.ObjectiveValue
}
