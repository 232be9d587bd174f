import { Button } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import type { EarnedService } from '../../../../schemas/fsp/earnings.ts'
import { fspOperations } from '../../../../schemas/fsp/operations.ts'
import { useToday } from '../../../shared/clock.ts'
import { type Column, DataTable } from '../../../shared/components/data-table.tsx'
import { Notice, ProblemNotice } from '../../../shared/components/notice.tsx'
import { Page, Section } from '../../../shared/components/page.tsx'
import { Loaded } from '../../../shared/components/query.tsx'
import { Totals } from '../../../shared/components/totals.tsx'
import { energy, gbp, kwhDigits, percent } from '../../../shared/format/power.ts'
import { monthInWords } from '../../../shared/format/time.ts'
import { download } from '../../api.ts'
import { earningsQuery } from '../../queries.ts'
import { Chosen } from './chosen.tsx'
import { Offers } from './offers.tsx'

/** Flexibility performance: what each service earned in a month, what was delivered of what was instructed, and what became of offers. */
export function Earnings() {
  const today = useToday()
  const { month = today.slice(0, 7) } = useSearch({ from: '/inside/earnings' })
  const navigate = useNavigate({ from: '/earnings' })
  const query = useQuery(earningsQuery(month))
  const save = useMutation({
    mutationFn: () => download(fspOperations.exportEarnings, { query: { month } }, `earnings-${month}.csv`),
  })
  return (
    <Page
      title="Earnings"
      subtitle={`What flexibility earned in ${monthInWords(month)}`}
      actions={
        <>
          <input
            type="month"
            className="rm-select"
            aria-label="Month"
            value={month}
            max={today.slice(0, 7)}
            onChange={(event) =>
              event.currentTarget.value && void navigate({ search: { month: event.currentTarget.value } })
            }
          />
          <Button loading={save.isPending} onClick={() => save.mutate()}>
            Download CSV
          </Button>
        </>
      }
    >
      {save.isError && <ProblemNotice error={save.error} />}
      <Loaded query={query}>
        {({ services, totalGbp, withoutStatements }) => (
          <>
            {withoutStatements !== null && (
              <Notice tone="doubt" title="The DNO’s statements are missing">
                {withoutStatements}
              </Notice>
            )}
            <Sums services={services} totalGbp={totalGbp} />
            <Section title="By unit and product" flush>
              <DataTable
                label="Earnings by unit and product"
                rows={services}
                columns={columns}
                rowKey={({ source, depotId, product }) => `${source} ${depotId} ${product}`}
                empty="Nothing was earned in this month yet."
              />
            </Section>
          </>
        )}
      </Loaded>
      <Offers />
      <Chosen />
    </Page>
  )
}

function Sums({ services, totalGbp }: { services: readonly EarnedService[]; totalGbp: string }) {
  const instructedWh = services.reduce((sum, each) => sum + each.instructedWh, 0)
  const deliveredWh = services.reduce((sum, each) => sum + each.deliveredWh, 0)
  return (
    <Totals
      items={[
        { term: 'Earned', value: gbp(totalGbp) },
        { term: 'Instructed', value: energy(instructedWh) },
        { term: 'Delivered', value: energy(deliveredWh) },
        {
          term: 'Delivery ratio',
          value: instructedWh === 0 ? 'nothing instructed' : percent(deliveredWh / instructedWh),
        },
      ]}
    />
  )
}

const columns: Column<EarnedService>[] = [
  { id: 'name', header: 'Unit', accessorFn: ({ name }) => name, cell: ({ row }) => row.original.name },
  {
    id: 'service',
    header: 'Service',
    accessorFn: ({ product, source }) => product ?? source,
    cell: ({ row: { original } }) => (original.source === 'tariff' ? 'Tariff' : `Product ${original.product}`),
  },
  money('availability', 'Availability', ({ availabilityGbp }) => availabilityGbp, 'medium'),
  money('utilisation', 'Utilisation', ({ utilisationGbp }) => utilisationGbp, 'medium'),
  money('amount', 'Earned', ({ amountGbp }) => amountGbp),
  {
    id: 'instructed',
    header: 'Instructed kWh',
    meta: { align: 'right', from: 'wide' },
    accessorFn: ({ instructedWh }) => instructedWh,
    cell: ({ row }) => kwhDigits(row.original.instructedWh),
  },
  {
    id: 'delivered',
    header: 'Delivered kWh',
    meta: { align: 'right', from: 'medium' },
    accessorFn: ({ deliveredWh }) => deliveredWh,
    cell: ({ row }) => kwhDigits(row.original.deliveredWh),
  },
  {
    id: 'statements',
    header: 'From',
    meta: { from: 'wide' },
    accessorFn: ({ isFinal }) => Number(isFinal),
    cell: ({ row: { original } }) =>
      `${original.statements.map(({ number }) => number).join(', ') || 'metering'}${original.isFinal ? '' : ', not final'}`,
  },
]

function money(
  id: string,
  header: string,
  of: (service: EarnedService) => string,
  part?: 'medium',
): Column<EarnedService> {
  return {
    id,
    header,
    meta: { align: 'right', ...(part ? { from: part } : {}) },
    accessorFn: (service) => Number(of(service)),
    cell: ({ row }) => gbp(of(row.original)),
  }
}
