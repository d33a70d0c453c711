package main

import (
	"fmt"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/lang"
	"github.com/stint-city/stint/engine/web"
)

func (a *app) tokenCommand() *cobra.Command {
	var state, role, operator, subject string
	var valid time.Duration
	c := &cobra.Command{
		Use:     "token --role ROLE | --operator ID",
		Short:   a.tag.Word("token.help"),
		Long:    a.tag.Word("token.help-long"),
		Example: "  stint token --operator aster\n  stint token --role bureau-admin --valid 8h",
		Args:    a.exactly(0),
		RunE: func(*cobra.Command, []string) error {
			id := web.Identity{Subject: subject, Role: engine.Role(role), Operator: operator}
			return a.token(stateFolder(state), id, valid)
		},
	}
	c.Flags().StringVar(&state, "state", defaultState, a.tag.Word("serve.flag-state"))
	c.Flags().StringVar(&role, "role", "", a.tag.Word("token.flag-role"))
	c.Flags().StringVar(&operator, "operator", "", a.tag.Word("token.flag-operator"))
	c.Flags().StringVar(&subject, "subject", "", a.tag.Word("token.flag-subject"))
	c.Flags().DurationVar(&valid, "valid", 24*time.Hour, a.tag.Word("token.flag-valid"))
	return c
}

// token prints a development token, signed with the secret of a state folder.
func (a *app) token(state stateFolder, id web.Identity, valid time.Duration) error {
	roles := []engine.Role{
		engine.RoleAdmin, engine.RoleOfficer, engine.RoleOperator, engine.RolePlanner,
		engine.RolePublic,
	}
	if id.Role == "" && id.Operator != "" {
		id.Role = engine.RoleOperator
	}
	switch {
	case !slices.Contains(roles, id.Role):
		return usage(lang.E(nil, "token.role", "got", string(id.Role), "known", roles))
	case (id.Role == engine.RoleOperator) != (id.Operator != ""):
		return usage(lang.E(nil, "token.operator"))
	case valid <= 0:
		return usage(lang.E(nil, "token.valid", "got", valid.String()))
	}
	if id.Subject == "" {
		id.Subject = id.Operator
	}
	if id.Subject == "" {
		id.Subject = string(id.Role)
	}
	if err := state.made(); err != nil {
		return err
	}
	secret, err := state.secret()
	if err != nil {
		return err
	}
	text, err := web.SignDevelopment(secret, id, time.Now(), valid)
	if err != nil {
		return usage(err)
	}
	_, err = fmt.Fprintln(a.Out, text)
	return err
}
