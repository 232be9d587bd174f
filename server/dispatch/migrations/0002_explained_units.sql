ALTER TABLE "optimisation_unit" ADD COLUMN "path" jsonb DEFAULT '[]'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "optimisation_unit" ADD COLUMN "without" jsonb;