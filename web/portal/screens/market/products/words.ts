import type { ProductKind, ProductSettings } from '../../../../../schemas/market/products.ts'

export const productKindWords: Record<ProductKind, string> = {
  'forward-option': 'single windows, shortly ahead',
  'day-ahead': 'the whole next day, the day before',
  intraday: 'an hour of the same day',
}

export function paysInWords({ paysAvailability, paysUtilisation }: ProductSettings): string {
  if (paysAvailability && paysUtilisation) return 'availability and utilisation'
  return paysAvailability ? 'availability' : 'utilisation'
}
