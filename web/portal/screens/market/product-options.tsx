import { useQuery } from '@tanstack/react-query'
import { productsQuery } from '../../market-queries.ts'

/** The products there are, as options of a select: A until they are read. */
export function ProductOptions() {
  const products = useQuery(productsQuery).data
  if (!products) return <option value="A">A</option>
  return products.map(({ product, settings }) => (
    <option key={product} value={product}>
      {product}, {settings.name}
    </option>
  ))
}
