ALTER TABLE "contract" ALTER COLUMN "tender_id" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "contract" ALTER COLUMN "offer_id" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "contract" ADD COLUMN "baseline_fallback" text DEFAULT 'nominated' NOT NULL;--> statement-breakpoint
ALTER TABLE "contract" ADD COLUMN "reference" text;--> statement-breakpoint
ALTER TABLE "contract" ADD CONSTRAINT "contract_origin" CHECK (("contract"."tender_id" is null) = ("contract"."offer_id" is null) and ("contract"."tender_id" is null) = ("contract"."reference" is not null));