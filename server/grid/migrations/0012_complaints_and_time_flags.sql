CREATE TYPE "public"."time_flag" AS ENUM('replaced', 'unsynchronised');--> statement-breakpoint
ALTER TABLE "hub" ADD COLUMN "complaints" jsonb;