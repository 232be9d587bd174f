import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { Tender, TenderResponse } from '../../../../../schemas/market/tenders.ts'
import { operations } from '../../../../../schemas/operations.ts'
import { api } from '../../../../shared/api/client.ts'
import { useSession } from '../../../../shared/api/session.ts'
import { TwoStep } from '../../../../shared/components/two-step.tsx'
import { count, power } from '../../../../shared/format/power.ts'
import { dayAndTime } from '../../../../shared/format/time.ts'
import { useRefusal } from '../../../session.ts'
import { awardInWords, offersOf } from './evaluation.ts'

const stepOperations = {
  publish: operations.publishTender,
  evaluation: operations.evaluateTender,
  withdrawal: operations.withdrawTender,
} as const

function useStep({ tenderId, version }: Tender, step: keyof typeof stepOperations | 'award') {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (): Promise<unknown> => {
      const params = { id: tenderId }
      // An award is for the evaluation on the screen.
      if (step === 'award') return api.call(operations.awardTender, { params, version })
      return api.call(stepOperations[step], { params })
    },
    onSettled: () => queries.invalidateQueries({ predicate: ({ meta }) => meta?.topics?.includes('market') ?? false }),
  })
}

/** The steps that a tender can take next. */
export function TenderActions({ tender, responses }: { tender: Tender; responses: readonly TenderResponse[] }) {
  const refusal = useRefusal('flexibility-engineer')
  const me = useSession()?.username
  const steps = {
    publish: useStep(tender, 'publish'),
    evaluation: useStep(tender, 'evaluation'),
    award: useStep(tender, 'award'),
    withdrawal: useStep(tender, 'withdrawal'),
  }
  const offers = offersOf(responses)
  const highest = Math.max(...tender.windows.map((window) => window.requiredW))
  const { state, evaluation } = tender
  const ownEvaluation =
    evaluation?.evaluatedBy === me ? 'You evaluated this tender yourself: another person has to award it.' : null
  return (
    <>
      {['draft', 'open', 'evaluated'].includes(state) && (
        <TwoStep
          label="Withdraw"
          refusal={refusal}
          action={steps.withdrawal}
          consequence={`Ends this tender without an award; ${count(offers.length, 'offer')} will not be considered.`}
        />
      )}
      {state === 'draft' && (
        <TwoStep
          primary
          label="Publish"
          refusal={refusal}
          action={steps.publish}
          consequence={`Opens the tender of up to ${power(highest)} to all accepted FSPs, until ${dayAndTime(tender.gateClosesAt)}.`}
        />
      )}
      {(state === 'open' || state === 'evaluated') && (
        <TwoStep
          primary={state === 'open'}
          label={state === 'open' ? 'Evaluate' : 'Evaluate again'}
          refusal={refusal}
          action={steps.evaluation}
          consequence={`Chooses the cheapest of ${count(offers.length, 'offer')} that meet the need, and proposes their award to another person.`}
        />
      )}
      {state === 'evaluated' && (
        <TwoStep
          primary
          label="Award"
          refusal={refusal ?? ownEvaluation}
          action={steps.award}
          consequence={awardInWords(tender, responses)}
        />
      )}
    </>
  )
}
