import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { PlanAsset } from '../../../../schemas/planning/sites/assets.ts'
import { LinkButton } from '../../../shared/components/link-button.tsx'
import { Notice } from '../../../shared/components/notice.tsx'
import { Page } from '../../../shared/components/page.tsx'
import { Loaded } from '../../../shared/components/query.tsx'
import { assetsQuery } from '../../plan-queries.ts'
import { assetOf, type Plan } from './assets.ts'
import styles from './plan-page.module.css'

/** The steps of planning, in order. */
const steps = [
  { to: '/plans/$planId/site', label: 'Site' },
  { to: '/plans/$planId/vehicles', label: 'Vehicles' },
  { to: '/plans/$planId/charge-points', label: 'Charge points' },
  { to: '/plans/$planId/costs', label: 'Costs' },
  { to: '/plans/$planId/scenarios', label: 'Scenarios' },
  { to: '/plans/$planId/compare', label: 'Compare' },
  { to: '/plans/$planId/apply', label: 'Apply' },
] as const

export type StepLabel = (typeof steps)[number]['label']

/** What a step is given: the plan, and everything that it can refer to. */
export interface StepProps {
  plan: Plan
  assets: readonly PlanAsset[]
}

interface PlanPageProps {
  step: StepLabel
  /** What is done here, in a sentence or two. */
  about: string
  panel?: ((given: StepProps) => ReactNode) | undefined
  children: (given: StepProps) => ReactNode
}

/** A step of a plan: where one is among the steps, what is asked, and the way on. */
export function PlanPage({ step, about, panel, children }: PlanPageProps) {
  const { planId } = useParams({ strict: false })
  const query = useQuery(assetsQuery)
  const plan = query.data && assetOf(query.data, 'scenario', planId ?? null)
  if (!query.data || !plan)
    return (
      <Page title="Plan">
        <Loaded query={query}>
          {() => (
            <Notice tone="risk" title="This plan is not there">
              It may have been removed. <Link to="/plans">All plans</Link>
            </Notice>
          )}
        </Loaded>
      </Page>
    )
  const given = { plan, assets: query.data }
  return (
    <Page
      title={plan.name}
      subtitle={about}
      actions={
        <>
          <LinkButton to="/help/$topic" params={{ topic: 'planning' }}>
            Help with planning
          </LinkButton>
          <LinkButton to="/plans">All plans</LinkButton>
        </>
      }
      panel={panel?.(given)}
    >
      <Steps planId={plan.assetId} />
      <Loaded query={query}>{() => children(given)}</Loaded>
      <Onwards planId={plan.assetId} step={step} />
    </Page>
  )
}

function Steps({ planId }: { planId: string }) {
  return (
    <nav aria-label="Steps of the plan">
      <ol className={styles.steps}>
        {steps.map(({ to, label }, i) => (
          <li key={to}>
            <Link to={to} params={{ planId }} className={styles.step}>
              <span className={styles.number} aria-hidden="true">
                {i + 1}
              </span>
              {label}
            </Link>
          </li>
        ))}
      </ol>
    </nav>
  )
}

/** The step before and the step after. */
function Onwards({ planId, step }: { planId: string; step: StepLabel }) {
  const at = steps.findIndex(({ label }) => label === step)
  const [before, after] = [steps[at - 1], steps[at + 1]]
  return (
    <div className={styles.onwards}>
      {before && (
        <LinkButton to={before.to} params={{ planId }}>
          Back: {before.label}
        </LinkButton>
      )}
      {after && (
        <LinkButton to={after.to} params={{ planId }} variant="filled" className={styles.next ?? ''}>
          Next: {after.label}
        </LinkButton>
      )}
    </div>
  )
}
