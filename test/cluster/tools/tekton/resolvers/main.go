// Command resolvers runs Tekton's resolvers like github.com/tektoncd/pipeline/cmd/resolvers, but outside a container.
//
// Tekton's own program serves its probes on port 8080 of all interfaces, whatever PROBES_PORT says, or not at all if
// somebody else has that port. It also waits for the leases of a killed predecessor, for up to a minute.
package main

import (
	"context"
	"log"
	"os"
	"strconv"

	"github.com/tektoncd/pipeline/pkg/apis/resolution/v1alpha1"
	"github.com/tektoncd/pipeline/pkg/remoteresolution/resolver/bundle"
	"github.com/tektoncd/pipeline/pkg/remoteresolution/resolver/cluster"
	"github.com/tektoncd/pipeline/pkg/remoteresolution/resolver/framework"
	"github.com/tektoncd/pipeline/pkg/remoteresolution/resolver/git"
	"github.com/tektoncd/pipeline/pkg/remoteresolution/resolver/http"
	"github.com/tektoncd/pipeline/pkg/remoteresolution/resolver/hub"
	resolution "github.com/tektoncd/pipeline/pkg/resolution/resolver/hub"
	filtered "knative.dev/pkg/client/injection/kube/informers/factory/filtered"
	"knative.dev/pkg/injection"
	"knative.dev/pkg/injection/sharedmain"
	"knative.dev/pkg/signals"
)

const resolvers = 5

func main() {
	ctx := filtered.WithSelectors(signals.NewContext(), v1alpha1.ManagedByLabelKey)
	ctx = sharedmain.WithHADisabled(sharedmain.WithHealthProbesDisabled(ctx))
	config := injection.ParseAndGetRESTConfigOrDie()
	// Tekton's program takes the flags as the rate of one resolver, too.
	config.QPS *= resolvers
	config.Burst *= resolvers
	go serveProbes(ctx)
	sharedmain.MainWithConfig(ctx, "controller", config,
		framework.NewController(ctx, &git.Resolver{}),
		framework.NewController(ctx, &hub.Resolver{ArtifactHubURL: resolution.DefaultArtifactHubURL}),
		framework.NewController(ctx, &bundle.Resolver{}),
		framework.NewController(ctx, &cluster.Resolver{}),
		framework.NewController(ctx, &http.Resolver{}))
}

func serveProbes(ctx context.Context) {
	port, err := strconv.Atoi(os.Getenv("PROBES_PORT"))
	if err != nil {
		log.Fatalf("PROBES_PORT: %v", err)
	}
	if err := injection.ServeHealthProbes(ctx, port); err != nil {
		log.Fatal(err)
	}
}
