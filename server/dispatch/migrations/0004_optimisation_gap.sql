ALTER TABLE "optimisation_run" ADD COLUMN "method" text DEFAULT 'selection' NOT NULL;--> statement-breakpoint
ALTER TABLE "optimisation_run" ADD COLUMN "gap" double precision DEFAULT 0 NOT NULL;