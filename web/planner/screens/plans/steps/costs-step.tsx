import { useState } from 'react'
import type { PlanAsset } from '../../../../../schemas/planning/sites/assets.ts'
import { Choice, Fields } from '../../../../shared/components/fields.tsx'
import { ProblemNotice } from '../../../../shared/components/notice.tsx'
import { Section, Stack } from '../../../../shared/components/page.tsx'
import { assetOf, assetsOf, type Plan } from '../assets.ts'
import { AssetForm } from '../forms/asset-form.tsx'
import { PlanPage, type StepProps } from '../plan-page.tsx'
import { usePlanChange } from '../use-plan.ts'

/** The fourth step: what electricity costs, and what else counts in a comparison. */
export function CostsStep() {
  return (
    <PlanPage
      step="Costs"
      about="What electricity costs and when, and what else you want to compare. You can skip this: the plan then says what is needed, and not what it costs."
    >
      {(given) => <Content {...given} />}
    </PlanPage>
  )
}

function Content(given: StepProps) {
  return (
    <>
      <Part
        {...given}
        kind="tariff"
        member="tariffId"
        title="Electricity"
        about="From your electricity bill or contract."
      />
      <Part
        {...given}
        kind="costs"
        member="costsId"
        title="Comparison over the years"
        about="To add up purchase, installation, energy and maintenance over some years."
      />
    </>
  )
}

interface PartProps extends StepProps {
  kind: 'tariff' | 'costs'
  member: 'tariffId' | 'costsId'
  title: string
  about: string
}

/** Prices that a plan uses: some that were entered before, or new ones. */
function Part({ plan, assets, kind, member, title, about }: PartProps) {
  const change = usePlanChange(plan.assetId)
  const [isNew, setIsNew] = useState(false)
  const used = plan.content[member]
  const known: PlanAsset[] = assetsOf(assets, kind)
  const asset = isNew ? null : assetOf(assets, kind, used)
  const use = (assetId: string | null) =>
    change.mutateAsync((now): Plan['content'] => ({ ...now, [member]: assetId })).catch(() => {})
  return (
    <Section title={title}>
      <Stack>
        <p>{about}</p>
        {known.length > 0 && (
          <Fields>
            <Choice
              label={`${title}: use`}
              hint="What is entered once can be used in every plan."
              value={isNew ? 'new' : (used ?? 'none')}
              onChange={(event) => {
                const { value } = event.currentTarget
                setIsNew(value === 'new')
                if (value !== 'new') void use(value === 'none' ? null : value)
              }}
            >
              <option value="none">Nothing: leave it out</option>
              {known.map(({ assetId, name }) => (
                <option key={assetId} value={assetId}>
                  {name}
                </option>
              ))}
              <option value="new">Something new</option>
            </Choice>
          </Fields>
        )}
        {change.isError && <ProblemNotice error={change.error} />}
        {(asset || isNew || known.length === 0) && (
          <AssetForm
            key={asset?.assetId ?? 'new'}
            kind={kind}
            asset={asset}
            assets={assets}
            start={{ name: `${title} for ${plan.name}`.slice(0, 100) }}
            saveLabel={`Save: ${title.toLowerCase()}`}
            onSaved={async ({ assetId }) => {
              if (assetId !== used) await use(assetId)
              setIsNew(false)
            }}
          />
        )}
      </Stack>
    </Section>
  )
}
