ALTER TABLE "licence_area" ADD COLUMN "country" text DEFAULT 'ENG' NOT NULL;--> statement-breakpoint
UPDATE "licence_area" SET "country" = 'SCT' WHERE "code" = 'SHEPD';
